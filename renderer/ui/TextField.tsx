import type { Ref } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from "react-aria-components/TextField";
import styles from "./TextField.module.css";

export type TextFieldProps = Omit<AriaTextFieldProps, "children" | "className" | "style"> & {
  label: string;
  /** Leaves the label to assistive technology alone, where the place says it already. */
  labelHidden?: boolean;
  description?: string;
  /** What is wrong with the value, and what to do; null when nothing is. */
  error?: string | null;
  placeholder?: string;
  inputRef?: Ref<HTMLInputElement>;
};

/** One line of text with its label, help and error, all tied together for assistive technology. */
export function TextField({
  label,
  labelHidden = false,
  description,
  error,
  placeholder,
  inputRef,
  ...rest
}: TextFieldProps) {
  return (
    <AriaTextField
      {...rest}
      {...(labelHidden ? { "aria-label": label } : {})}
      isInvalid={rest.isInvalid ?? Boolean(error)}
      className={styles.field}
    >
      {labelHidden ? null : <Label className={styles.label}>{label}</Label>}
      <Input ref={inputRef} className={styles.input} placeholder={placeholder} dir="auto" />
      {description ? (
        <Text slot="description" className={styles.description}>
          {description}
        </Text>
      ) : null}
      <FieldError className={styles.error}>{error}</FieldError>
    </AriaTextField>
  );
}
