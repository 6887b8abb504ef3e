import { host, type SchemeHandler, type SchemePrivileges } from "./host.ts";

type CustomScheme = { scheme: string; privileges?: SchemePrivileges };

/** Electron's `protocol`: standard and secure schemes only, for only those can be reproduced. */
export const protocol = {
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (host.isReady) {
      throw new Error("protocol.registerSchemesAsPrivileged should be called before app is ready");
    }
    for (const { scheme, privileges = {} } of schemes) {
      if (!privileges.standard || !privileges.secure) {
        throw new Error(`chromium-host: ${scheme} must be standard and secure to be reproduced`);
      }
      host.schemes.set(scheme, privileges);
    }
  },
  handle(scheme: string, handler: SchemeHandler): void {
    if (host.schemeHandlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    if (!host.schemes.has(scheme)) {
      throw new Error(`chromium-host: register ${scheme} with registerSchemesAsPrivileged first`);
    }
    host.schemeHandlers.set(scheme, handler);
  },
  unhandle(scheme: string): void {
    host.schemeHandlers.delete(scheme);
  },
  isProtocolHandled: (scheme: string): boolean => host.schemeHandlers.has(scheme),
};
