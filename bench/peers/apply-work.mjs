// What both peers of the apply have to do: a document file for each, and the values that every group gets.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const KEY = 'KEY0123456789ABCDEF_sample';

/** Requirement ids of DE local ordering: the sample catalogue's. */
const CONTACT = '2708e569-696a-4fc7-9305-5fdb3eb9c7dd';
const DOCUMENTS = [
  '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
  '95cac7a7-cf24-4d34-81e4-e2d01a35adda',
  'a3a856c0-2811-4eee-9607-ea60df9f5c32',
];
const ADDRESS = 'a7d9a3a3-70ed-4cb4-821b-b94e8ea6dc9b';

/** All groups of a repository that `bench/apply.mjs` made: each a name and its three files. */
export async function listWork(repository) {
  const folder = join(repository, 'documents');
  const names = new Set((await readdir(folder)).map((file) => file.split('_')[0]));
  return [...names].sort().map((name) => ({
    name,
    files: DOCUMENTS.map((_, index) => join(folder, `${name}_${index}.txt`)),
  }));
}

export const ADDRESS_FIELDS = {
  first_name: '',
  last_name: '',
  business_name: 'Example GmbH',
  street_address: 'Musterstraße 1',
  locality: 'Berlin',
  postal_code: '10115',
  country_code: 'DE',
};

/** The body of `POST /requirement_groups`. */
export function describeGroup(name, documentIds, addressId) {
  const values = [
    [CONTACT, `Compliance desk of ${name}, Example GmbH, +49 30 0000000`],
    ...DOCUMENTS.map((requirement, index) => [requirement, documentIds[index]]),
    [ADDRESS, addressId],
  ];
  return {
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    customer_reference: `regsync/bench/${name}`,
    regulatory_requirements: values.map(([requirement_id, field_value]) => ({ requirement_id, field_value })),
  };
}
