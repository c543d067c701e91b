import express from 'express';
import { serve } from './serve.ts';

/** Express 5 with express.json(). Stores nothing. */
const app = express();
app.use(express.json({ limit: '1mb' }));
app.post('/webhooks/:id', (_request, response) => {
  response.json({});
});
await serve(app);
