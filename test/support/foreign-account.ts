import { Telnyx } from 'telnyx';
import { SAMPLE_KEY } from './test-repository.ts';

/** Groups that nobody made with regsync: made by the vendor's own client, in whatever way its users make them. */
export interface ForeignAccount {
  readonly upload: (content: string, reference?: string) => Promise<string>;
  readonly address: (fields?: object) => Promise<string>;
  /** @returns the group's id. */
  readonly group: (
    combination: string,
    values: Readonly<Record<string, string>>,
    reference?: string,
  ) => Promise<string>;
  readonly submit: (id: string) => Promise<void>;
}

export function foreignAccount(baseURL: string): ForeignAccount {
  const client = new Telnyx({ apiKey: SAMPLE_KEY, baseURL, maxRetries: 0 });
  return {
    upload: async (content, reference = '') => {
      const file = Buffer.from(`%PDF-1.4\n${content}\n%%EOF\n`).toString('base64');
      const document = { file, filename: `Scan of ${content}.pdf`, customer_reference: reference };
      return (await client.documents.uploadJson({ document })).data?.id ?? '';
    },
    address: async (fields = {}) => {
      const made = await client.addresses.create({ ...BERLIN, ...fields });
      return made.data?.id ?? '';
    },
    group: async (combination, values, reference) => {
      const [country_code = '', phone_number_type = '', action = ''] = combination.split('/');
      const made = await client.requirementGroups.create({
        country_code,
        phone_number_type: phone_number_type as 'local',
        action: action as 'ordering',
        ...(reference === undefined ? {} : { customer_reference: reference }),
        regulatory_requirements: Object.entries(values).map(([requirement_id, field_value]) => ({
          requirement_id,
          field_value,
        })),
      });
      // Its types know no envelope, the API has one.
      return (made as unknown as { data: { id: string } }).data.id;
    },
    submit: async (id) => void (await client.requirementGroups.submitForApproval(id)),
  };
}

const BERLIN = {
  first_name: '',
  last_name: '',
  business_name: 'Example GmbH',
  street_address: 'Beispielweg 1',
  locality: 'Berlin',
  postal_code: '10117',
  country_code: 'DE',
  validate_address: false,
};

/** Requirements of the sandbox's catalogue. */
export const REQUIREMENTS = {
  contact: '2708e569-696a-4fc7-9305-5fdb3eb9c7dd',
  registration: '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
  proof: '95cac7a7-cf24-4d34-81e4-e2d01a35adda',
  form: 'a3a856c0-2811-4eee-9607-ea60df9f5c32',
  localAddress: 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b',
  proofOfAddress: '6a09cdc3-8948-47f0-aa62-74ac943d6c58',
  spanishTax: 'aba176fc-fff4-46cf-afb4-4fe1f11aea80',
  italianTax: '41b1b0f7-1a93-47bf-9129-ae9c6c1edcda',
  birth: '51ed1a42-cbd3-47e9-a7f0-5343744874a1',
  identity: 'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282',
  identityCheck: 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698',
} as const;
