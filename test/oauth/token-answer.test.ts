import { openZendesk } from './support/open-endpoint.ts';
import { describeTokenAnswers } from './support/token-answer-cases.ts';

describeTokenAnswers('Zendesk', openZendesk);
