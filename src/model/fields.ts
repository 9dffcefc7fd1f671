import type { ACTION_FIELDS } from './orders/actions.ts';
import type {
  AddressField,
  AttachmentKind,
  GroupAction,
  NumberOrderSetting,
  PhoneNumberType,
} from './resource.ts';

interface OrderFields {
  readonly name: string;
  readonly requirement_group?: string;
  readonly requirements?: readonly RequirementFields[] | null;
}

export type NumberOrderFields = OrderFields &
  Readonly<Partial<Record<NumberOrderSetting, string>>> & {
    readonly phone_numbers?: readonly string[];
    readonly customer_reference?: string;
    readonly id?: string;
  };

/** An absent field stays as it is, and null clears it. */
export interface PortingOrderFields extends OrderFields {
  readonly id: string;
  readonly customer_reference?: string | null;
  readonly customer_group_reference?: string | null;
  readonly webhook_url?: string | null;
  readonly end_user?: {
    readonly admin?: Readonly<Record<string, string | TextSource | null>>;
    readonly location?: Readonly<Record<string, string | TextSource | null>>;
  };
  readonly misc?: {
    readonly type?: 'full' | 'partial';
    readonly remaining_numbers_action?: 'keep' | 'disconnect' | null;
    readonly new_billing_phone_number?: string | null;
  } | null;
  readonly messaging?: { readonly enable_messaging?: boolean };
  readonly activation_settings?: { readonly foc_datetime_requested?: string | null };
  readonly phone_number_configuration?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly user_feedback?: { readonly user_rating?: number | null; readonly user_comment?: string | null };
  readonly documents?: Readonly<Partial<Record<PortingDocument, RequirementFields['document'] | null>>>;
}

export const PORTING_DOCUMENTS = ['loa', 'invoice'] as const;

type PortingDocument = (typeof PORTING_DOCUMENTS)[number];

export interface GroupFields {
  readonly name: string;
  readonly country_code: string;
  readonly phone_number_type: PhoneNumberType;
  readonly action: GroupAction;
  readonly approval?: 'submit' | 'none';
  readonly customer_reference?: string;
  readonly id?: string;
  readonly partial?: boolean;
  readonly deletion?: 'allow' | 'forbid';
  readonly manage?: 'write' | 'observe';
  readonly requirements?: readonly RequirementFields[] | null;
  readonly attach?: readonly AttachmentFields[] | null;
}

/** Contains exactly one of the keys. */
export type AttachmentFields = Readonly<Partial<Record<AttachmentKind, string>>>;

/** Contains exactly one of the optional keys. Only an order may have `action`. */
export interface RequirementFields {
  readonly requirement: string;
  readonly text?: string;
  readonly text_from?: TextSource;
  readonly document?: string | DocumentFields | { readonly id: string };
  readonly address?: string | AddressFields | { readonly id: string };
  readonly action?: PersonFields;
}

/** The names of the person who fulfils an action. */
export type PersonFields = Readonly<Record<(typeof ACTION_FIELDS)[number], string | TextSource>>;

/** Contains exactly one of the three keys. */
export interface TextSource {
  readonly env?: string;
  readonly file?: string;
  /** An age file in ASCII armor. */
  readonly age?: string;
}

export interface DocumentFields {
  readonly file: string;
  readonly sha256?: string;
  readonly expires?: string;
}

export type AddressFields = Readonly<Partial<Record<AddressField, string | TextSource>>> & {
  readonly country_code: string;
  readonly validate_address?: boolean;
};
