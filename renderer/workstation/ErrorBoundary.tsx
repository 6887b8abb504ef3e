import { Component, type ReactNode } from "react";

/** Keeps a failure inside one part of the window from taking the rest along: never a white window. */
export class ErrorBoundary extends Component<
  { children: ReactNode; renderFailure: (again: () => void) => ReactNode },
  { failed: boolean }
> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed
      ? this.props.renderFailure(() => this.setState({ failed: false }))
      : this.props.children;
  }
}
