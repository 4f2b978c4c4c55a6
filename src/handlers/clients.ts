import { clientContracts, ports } from '../aws/ports.ts';
import { makeClients } from './api/clients-api.ts';

export const handler = makeClients({ ...ports(), clients: clientContracts() });
