import { disturbEveryRequest } from './every-request.ts';
import { isWrite } from './places.ts';

// Groups are read before any is worked on, alike in both ways: those places are in every-request.faults.ts.
await disturbEveryRequest('groups side by side', [], (places) => places.slice(places.findIndex(isWrite)));
