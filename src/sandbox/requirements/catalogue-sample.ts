import type {
  RequirementType,
  StoredCriteria,
  StoredFieldType,
  StoredRequirementSet,
} from '../state/state.ts';
import { NO_CRITERIA } from './catalogue.ts';

/**
 * SAMPLE DATA. The requirements of the countries here are invented, though plausible; Telnyx knows the real
 * ones. Only the ids and field types of the German local set, of the French proof of address and of the
 * Australian identity check, and the name of "Contact Info", are those of published examples.
 */
export function sampleCatalogue(): {
  types: readonly RequirementType[];
  sets: readonly StoredRequirementSet[];
} {
  return { types: TYPES, sets: SETS };
}

const CREATED = { created_at: '2024-01-15T09:00:00.000000Z', updated_at: '2024-06-03T12:30:00.000000Z' };
const SINCE = '2024-06-03T00:00:00.000000Z';

function type(
  id: string,
  fieldType: StoredFieldType,
  name: string,
  description: string,
  example: string,
  criteria: Partial<StoredCriteria> = {},
): RequirementType {
  return {
    id,
    name,
    type: fieldType,
    description,
    example,
    acceptance_criteria: { ...NO_CRITERIA, ...criteria },
    ...CREATED,
  };
}

const CONTACT_INFO = type(
  '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
  'textual',
  'Contact Info',
  'Name, company and phone number of the person to contact about the number',
  'Jo Example, Example GmbH, +49 30 0000000',
);
const BUSINESS_REGISTRATION = type(
  '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
  'document',
  'Business Registration',
  'Extract of the company register that shows name, seat and registration number',
  'Extract of the commercial register',
  { time_limit: 'Less than 6 months old' },
);
const PROOF_OF_LOCAL_ADDRESS = type(
  '95cac7a7-cf24-4d34-81e4-e2d01a35adda',
  'document',
  'Proof of Local Address',
  'Proves an address in the area of the phone number',
  'Utility bill, internet bill, phone bill, or lease',
  { time_limit: 'Less than 5 months old', locality_limit: 'Identical locality as the numbers desired' },
);
const SIGNED_FORM = type(
  'a3a856c0-2811-4eee-9607-ea60df9f5c32',
  'document',
  'Signed Regulatory Form',
  "The regulator's form on the assignment of numbers, filled in and signed",
  'Signed form as PDF',
);
const LOCAL_ADDRESS = type(
  'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b',
  'address',
  'Local Address',
  'Address matching the area code (street, building number, postal code, city and country)',
  'Beispielweg 1, 10117 Berlin, Germany',
  { locality_limit: 'Identical locality as the numbers desired' },
);
const PROOF_OF_ADDRESS = type(
  '6a09cdc3-8948-47f0-aa62-74ac943d6c58',
  'document',
  'Proof of Address',
  'Proves the customer has a physical address in the same locality as the phone number',
  'Utility bill, internet bill, phone bill, or lease',
  { time_limit: 'Current and not expired' },
);
const NATIONAL_ADDRESS = type(
  '64c3ead1-2650-42cb-8a22-e8bba64b19b9',
  'address',
  'National Address',
  'An address anywhere in the country of the phone number',
  '1 Example Street, London EX1 1EX, United Kingdom',
  { locality_limit: 'Issued by the same country that the phone number belongs to' },
);
const IDENTITY_DOCUMENT = type(
  'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282',
  'document',
  'Identity Document',
  'Passport or identity card of the end user',
  'Both sides of an identity card',
  { time_limit: 'Current and not expired' },
);
const LETTER_OF_AUTHORIZATION = type(
  '9ec0b9cc-d53e-486a-937e-797d9117e043',
  'document',
  'Letter of Authorization',
  'Allows the porting of the numbers listed, signed by their present holder',
  'Signed letter as PDF',
  { time_limit: 'Less than 30 days old' },
);
const ACCOUNT_NUMBER = type(
  'f9a8c3f0-14e0-49ac-922c-0caca5f75025',
  'textual',
  'Account Number',
  'The number of the account at the losing carrier',
  '0000123456',
  { min_length: 6, max_length: 12, acceptable_characters: '0123456789' },
);
const DANISH_COMPANY_NUMBER = type(
  'f3ee9cd0-1e12-4e5d-a008-60408a0ee625',
  'textual',
  'Company Number',
  'The eight digits of the company register',
  '00000000',
  { regex: '^[0-9]{8}$' },
);
const ITALIAN_TAX_CODE = type(
  '41b1b0f7-1a93-47bf-9129-ae9c6c1edcda',
  'textual',
  'Tax Code',
  'The tax code of the end user, in capitals',
  'XXXXXX00X00X000X',
  {
    min_length: 16,
    max_length: 16,
    regex: '[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z]',
    case_sensitive: true,
  },
);
const DATE_OF_BIRTH = type(
  '51ed1a42-cbd3-47e9-a7f0-5343744874a1',
  'datetime',
  'Date of Birth',
  'Date of birth of the end user',
  '2000-01-31T00:00:00.000Z',
);
const NORWEGIAN_COMPANY_NUMBER = type(
  '63ca4919-d76c-4f50-8a83-8c982bf29b8a',
  'textual',
  'Organization Number',
  'The nine digits of the company register',
  '000000000',
  { min_length: 9, max_length: 9, acceptable_characters: '0123456789' },
);
const PORTUGUESE_TAX_NUMBER = type(
  '271beb74-5ff0-47e0-b080-d5294662280c',
  'textual',
  'Tax Number',
  'The tax number of the end user, with or without the country in front',
  'PT000000000',
  { regex: '(pt)?[0-9]{9}', case_sensitive: false },
);
const SWEDISH_COMPANY_NUMBER = type(
  'bef48d51-99b9-4bde-9c5c-c8d5548a739a',
  'textual',
  'Organization Number',
  'The number of the company register, with its hyphen',
  '000000-0000',
  { regex: '^\\d{6}-\\d{4}$' },
);
const END_USER_TYPE = type(
  'b3f47703-a2c1-4b40-b818-6b4706f93f3d',
  'textual',
  'End User Type',
  'Who uses the number',
  'Business',
  { acceptable_values: ['Business', 'Private'], case_sensitive: false },
);
const USE_CASE = type(
  '02807e35-ca92-44e2-95af-9e1a0137354c',
  'textual',
  'Use Case',
  'What the number is for, and whether it is passed on to others',
  'Customer support line of Example Ltd; numbers are not passed on.',
  { min_length: 20, max_length: 500 },
);
const PROOF_OF_COMPANY = type(
  '51a8b4c1-cf03-469a-8ffe-66e69d66103c',
  'document',
  'Proof of Identity',
  'Of the company: certificate of incorporation',
  'Certificate of incorporation',
);
const PROOF_OF_REPRESENTATIVE = type(
  '30b0c9c2-0b62-425f-8291-968d04237910',
  'document',
  'Proof of Identity',
  'Of the representative: passport or driving licence',
  'Passport',
  { time_limit: 'Current and not expired' },
);
const SPANISH_TAX_NUMBER = type(
  'aba176fc-fff4-46cf-afb4-4fe1f11aea80',
  'textual',
  'Tax Number',
  'The tax number of the company',
  'X00000000',
  { min_length: 9, max_length: 9 },
);
/** The only known action requirement (documented). */
export const IDENTITY_CHECK = type(
  'b7c72fb8-fa08-4529-aaf6-b9117d3f3698',
  'action',
  'Identity Check',
  'The end user proves their identity online. Cannot be fulfilled in a requirement group, only on an order',
  'Follow the link that is sent for the order',
);

const TYPES: readonly RequirementType[] = [
  CONTACT_INFO,
  BUSINESS_REGISTRATION,
  PROOF_OF_LOCAL_ADDRESS,
  SIGNED_FORM,
  LOCAL_ADDRESS,
  PROOF_OF_ADDRESS,
  NATIONAL_ADDRESS,
  IDENTITY_DOCUMENT,
  LETTER_OF_AUTHORIZATION,
  ACCOUNT_NUMBER,
  DANISH_COMPANY_NUMBER,
  ITALIAN_TAX_CODE,
  DATE_OF_BIRTH,
  NORWEGIAN_COMPANY_NUMBER,
  PORTUGUESE_TAX_NUMBER,
  SWEDISH_COMPANY_NUMBER,
  END_USER_TYPE,
  USE_CASE,
  PROOF_OF_COMPANY,
  PROOF_OF_REPRESENTATIVE,
  SPANISH_TAX_NUMBER,
  IDENTITY_CHECK,
];

function set(
  id: string,
  combination: readonly [country: string, phoneNumberType: string, action: StoredRequirementSet['action']],
  requirements: readonly RequirementType[],
  special: Partial<StoredRequirementSet> = {},
): StoredRequirementSet {
  const [country_code, phone_number_type, action] = combination;
  return {
    id,
    country_code,
    phone_number_type,
    action,
    locality: '',
    pre_approval: true,
    versions: [{ version: 1, effective_start_at: SINCE, requirement_ids: requirements.map(({ id }) => id) }],
    ...CREATED,
    ...special,
  };
}

const SETS: readonly StoredRequirementSet[] = [
  set(
    '4bab7d36-f311-401f-927f-41aab23ff83f',
    ['DE', 'local', 'ordering'],
    [CONTACT_INFO, BUSINESS_REGISTRATION, PROOF_OF_LOCAL_ADDRESS, SIGNED_FORM, LOCAL_ADDRESS],
  ),
  set(
    '14aeb3e3-b7ef-4dad-9cfe-d513a69b6ac9',
    ['DE', 'local', 'porting'],
    [CONTACT_INFO, LETTER_OF_AUTHORIZATION, ACCOUNT_NUMBER],
  ),
  set('77fb2151-bdc3-4c9c-9529-b082650d0e98', ['FR', 'local', 'ordering'], [PROOF_OF_ADDRESS]),
  set(
    '7521cfd0-5c2b-402e-89d7-f9ee90d9a758',
    ['CH', 'local', 'ordering'],
    [CONTACT_INFO, LOCAL_ADDRESS, IDENTITY_DOCUMENT],
  ),
  set(
    '670bf362-ab4e-4c80-a846-759a868692c4',
    ['DK', 'local', 'ordering'],
    [DANISH_COMPANY_NUMBER, NATIONAL_ADDRESS],
  ),
  set(
    '526371b4-92d5-4718-93b8-90cd139db821',
    ['IT', 'local', 'ordering'],
    [ITALIAN_TAX_CODE, DATE_OF_BIRTH, IDENTITY_DOCUMENT, LOCAL_ADDRESS],
    { pre_approval: false },
  ),
  set(
    '8d4a406e-6ba0-4ff1-9452-d8151bb67877',
    ['NO', 'local', 'ordering'],
    [NORWEGIAN_COMPANY_NUMBER, NATIONAL_ADDRESS],
  ),
  set(
    '3fb43452-6cd6-4f9b-88c6-05d61cb13106',
    ['PT', 'local', 'ordering'],
    [PORTUGUESE_TAX_NUMBER, PROOF_OF_ADDRESS, NATIONAL_ADDRESS],
  ),
  set(
    'e3433228-b66a-4311-a5e4-c90f59f760dd',
    ['SE', 'local', 'ordering'],
    [SWEDISH_COMPANY_NUMBER, NATIONAL_ADDRESS],
  ),
  set(
    '01f4c2be-2a25-44d3-bf5b-0a2cf227780e',
    ['SE', 'mobile', 'ordering'],
    [END_USER_TYPE, CONTACT_INFO, IDENTITY_DOCUMENT],
  ),
  set('6479ac75-8dac-4cb4-b7f2-0babb8e07b3e', ['GB', 'local', 'ordering'], [USE_CASE, NATIONAL_ADDRESS]),
  set(
    'd947c12b-874b-4495-8831-8540cce70016',
    ['GB', 'mobile', 'ordering'],
    [PROOF_OF_COMPANY, PROOF_OF_REPRESENTATIVE, USE_CASE],
  ),
  set('f06f880a-ced8-4698-a2dd-dae424383c20', ['ES', 'local', 'both'], [SPANISH_TAX_NUMBER, LOCAL_ADDRESS]),
  set('a0982c8e-dae9-469f-9fa2-e092ea9a98a9', ['NL', '', 'ordering'], [CONTACT_INFO, BUSINESS_REGISTRATION]),
  set('0803ad77-1030-4041-9ff4-c4fa4fbc6c88', ['AT', 'local', 'ordering'], [], {
    locality: 'Wien',
    versions: [
      { version: 1, effective_start_at: SINCE, requirement_ids: [CONTACT_INFO.id] },
      {
        version: 2,
        effective_start_at: '2025-03-01T00:00:00.000000Z',
        requirement_ids: [CONTACT_INFO.id, PROOF_OF_LOCAL_ADDRESS.id, LOCAL_ADDRESS.id],
      },
    ],
  }),
  set('6ba50d95-328f-4341-be0e-9504c7c9de6a', ['AU', 'mobile', 'ordering'], [IDENTITY_CHECK, CONTACT_INFO]),
  set('f91f71d5-fa44-458a-8a1a-97808626c02d', ['US', 'local', 'ordering'], []),
];
