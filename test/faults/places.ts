import type { InjectedFault } from './injected-faults.ts';
import type { LoggedRequest } from './repository.ts';

/** One request of the apply, told apart in a way that holds for every run of it. */
export interface Place {
  readonly title: string;
  /** `PATCH /requirement_groups/{id}` */
  readonly name: string;
  /** From 1, among the requests of this name. */
  readonly nth: number;
}

export function listPlaces(requests: readonly LoggedRequest[]): Place[] {
  const names = requests.map(nameOf);
  return names.map((name, index) => {
    const nth = names.slice(0, index + 1).filter((other) => other === name).length;
    return { title: `request ${index + 1} of ${names.length}, ${name} number ${nth}`, name, nth };
  });
}

export function nameOf({ method, path }: Pick<LoggedRequest, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\/[0-9a-f-]{36}(?=\/|$)/, '/{id}')}`;
}

/** For the sandbox's control: which request the fault waits for. */
export function matchOf({ name, nth }: Place) {
  const [method, template = ''] = name.split(' ');
  return { method, path: `^${template.replace('{id}', '[^/]+')}$`, nth };
}

export function isWrite({ name }: Pick<Place, 'name'>): boolean {
  return !name.startsWith('GET ');
}

export function canBefall({ befalls }: InjectedFault, place: Place): boolean {
  switch (befalls) {
    case 'any request':
      return true;
    case 'writes':
      return isWrite(place);
    case 'creations':
      return CREATIONS.includes(place.name);
    case 'uploads':
      return place.name === UPLOAD;
    case 'writes but uploads':
      return isWrite(place) && place.name !== UPLOAD;
    default:
      return befalls satisfies never;
  }
}

const UPLOAD = 'POST /documents';
const CREATIONS = [UPLOAD, 'POST /addresses', 'POST /requirement_groups'];
