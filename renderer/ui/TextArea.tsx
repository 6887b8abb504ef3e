import type { CSSProperties, KeyboardEventHandler, Ref } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import styles from "./TextField.module.css";

export type TextAreaProps = {
  label: string;
  labelHidden?: boolean;
  description?: string;
  error?: string | null;
  placeholder?: string;
  value: string;
  onChange: (value: string) => void;
  onKeyDown?: KeyboardEventHandler<HTMLTextAreaElement>;
  onBlur?: () => void;
  /** The height in lines when it is empty, and the one from which it scrolls. */
  minLines?: number;
  maxLines?: number;
  maxLength?: number;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  areaRef?: Ref<HTMLTextAreaElement>;
};

/** Several lines of text that grow with what is written, up to `maxLines`. */
export function TextArea({
  label,
  labelHidden = false,
  description,
  error,
  placeholder,
  value,
  onChange,
  onKeyDown,
  onBlur,
  minLines = 1,
  maxLines = 8,
  maxLength,
  isDisabled,
  isReadOnly,
  areaRef,
}: TextAreaProps) {
  return (
    <AriaTextField
      value={value}
      onChange={onChange}
      onBlur={onBlur}
      maxLength={maxLength}
      isDisabled={isDisabled}
      isReadOnly={isReadOnly}
      isInvalid={Boolean(error)}
      className={styles.field}
      {...(labelHidden ? { "aria-label": label } : {})}
    >
      {labelHidden ? null : <Label className={styles.label}>{label}</Label>}
      {/* An unseen copy of the text, in the same cell, makes the field as high as what is in it. */}
      <div
        className={styles.grow}
        data-text={`${value} `}
        style={{ "--max-lines": maxLines } as CSSProperties}
      >
        <AriaTextArea
          ref={areaRef}
          rows={minLines}
          dir="auto"
          className={`${styles.input} ${styles.area}`}
          placeholder={placeholder}
          onKeyDown={onKeyDown}
        />
      </div>
      {description ? (
        <Text slot="description" className={styles.description}>
          {description}
        </Text>
      ) : null}
      <FieldError className={styles.error}>{error}</FieldError>
    </AriaTextField>
  );
}
