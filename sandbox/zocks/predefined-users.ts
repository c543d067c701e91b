import { stableId } from '../state/new-id.ts';

/** The people of the one Zocks account. */
export const zocksUsers = [
  { id: stableId('zocks:adviser'), name: 'Zocks Adviser', email: 'adviser@zocks.example' },
  { id: stableId('zocks:owner'), name: 'Zocks Owner', email: 'owner@zocks.example' },
];

export const zocksAccount = { id: stableId('zocks:account'), name: 'Example Advisers' };
