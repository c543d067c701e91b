import express from 'express';
import { serve } from './serve.ts';

/** Express 5 with express.json(). Stores nothing. Argument: a port, else any. */
const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/webhooks/:id', (_request, response) => {
  response.json({});
});
await serve(app, { port: Number(process.argv[2] ?? 0) });
