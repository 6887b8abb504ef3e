import { createContext, useContext, useMemo, type CSSProperties, type ReactNode } from "react";
import "./tokens.css";

export type Theme = "light" | "dark" | "system";

type RootLook = { theme: Theme; lang: string | undefined; dir: "ltr" | "rtl" | undefined };

const RootContext = createContext<RootLook>({ theme: "system", lang: undefined, dir: undefined });

export type RootProps = {
  theme?: Theme;
  lang?: string;
  dir?: "ltr" | "rtl";
  className?: string;
  style?: CSSProperties;
  children: ReactNode;
};

/**
 * Carries the tokens for everything inside it; every tree of this product has one on top.
 * What floats (dialogs, tooltips) leaves the tree, and takes the same look along by `useRootProps`.
 * A theme that is left out, language or direction too, is taken from a root above.
 */
export function Root({ theme, lang, dir, className, style, children }: RootProps) {
  const above = useContext(RootContext);
  const look = useMemo(
    () => ({
      theme: theme ?? above.theme,
      lang: lang ?? above.lang,
      dir: dir ?? above.dir,
    }),
    [theme, lang, dir, above],
  );
  return (
    <RootContext value={look}>
      <div {...attributesOf(look, className)} style={style}>
        {children}
      </div>
    </RootContext>
  );
}

/** The attributes that make an element outside the tree look like the tree it belongs to. */
export function useRootProps(className?: string) {
  return attributesOf(useContext(RootContext), className);
}

function attributesOf({ theme, lang, dir }: RootLook, className: string | undefined) {
  return {
    className: className ? `cr-root ${className}` : "cr-root",
    "data-theme": theme === "system" ? undefined : theme,
    lang,
    dir,
  };
}
