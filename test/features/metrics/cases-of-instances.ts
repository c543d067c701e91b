import { ONE, TWO, OTHER, US, FIRST, SECOND, deliveries, type AlertCase } from './alert-series.ts';

/** Whether the app is there, and what it says to deliveries. */
export const CASES_OF_INSTANCES: AlertCase[] = [
  {
    alert: 'ShopkeeperDown',
    when: 'fires when no instance answers',
    series: { [`up{${ONE}}`]: '1 1 0x10', [`up{${TWO}}`]: '0x12' },
    at: 5,
    fires: [US],
  },
  {
    alert: 'ShopkeeperDown',
    when: 'fires when nobody scrapes it, whatever else is scraped',
    series: { [`up{${OTHER}}`]: '1x10' },
    at: 5,
    fires: [{}],
  },
  {
    alert: 'ShopkeeperDown',
    when: 'fires for the one of two deployments that is down',
    series: { [`up{${ONE}}`]: '0x10', 'up{job="shopkeeper-staging",instance="s:3000"}': '1x10' },
    at: 5,
    fires: [US],
  },
  {
    alert: 'ShopkeeperDown',
    when: 'is silent while one of two answers, and when another job is down',
    series: { [`up{${ONE}}`]: '1x10', [`up{${TWO}}`]: '0x10', [`up{${OTHER}}`]: '0x10' },
    at: 5,
    fires: [],
  },
  {
    alert: 'ShopkeeperInstanceDown',
    when: 'fires for one of two, and names it',
    series: { [`up{${ONE}}`]: '1x10', [`up{${TWO}}`]: '0x10', [`up{${OTHER}}`]: '0x10' },
    at: 8,
    fires: [SECOND],
  },
  {
    alert: 'ShopkeeperInstanceDown',
    when: 'is silent about a restart, and when all are down',
    series: { [`up{${ONE}}`]: '1 1 0 0 1x10', 'up{job="shopkeeper-b",instance="b:3000"}': '0x14' },
    at: 8,
    fires: [],
  },
  {
    alert: 'ShopkeeperDatabaseAway',
    when: 'fires for one of two instances, and names it',
    series: {
      [`shopkeeper_database_up{${ONE}}`]: '0x10',
      [`shopkeeper_database_up{${TWO}}`]: '1x10',
    },
    at: 5,
    fires: [FIRST],
  },
  {
    alert: 'ShopkeeperDatabaseAway',
    when: 'is silent while an instance is away, and after a moment',
    series: {
      [`shopkeeper_database_up{${ONE}}`]: '1 0 1x8',
      [`shopkeeper_database_up{${TWO}}`]: '1 _x9',
    },
    at: 5,
    fires: [],
  },
  {
    alert: 'ShopkeeperDeliveriesTurnedAway',
    when: 'fires when every delivery is, also if there is one in four minutes',
    series: {
      [deliveries(ONE, 200)]: '0x20',
      [deliveries(ONE, 503)]: '0 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4 5',
    },
    at: 18,
    fires: [US],
  },
  {
    alert: 'ShopkeeperDeliveriesTurnedAway',
    when: 'is silent about a single one, at low traffic',
    series: {
      [deliveries(ONE, 200)]: '0 0 0 0 0 0 1x20',
      [deliveries(ONE, 503)]: '0 0 0 0 0 1x20',
    },
    at: 9,
    fires: [],
  },
  {
    alert: 'ShopkeeperDeliveriesTurnedAway',
    when: 'is silent about the burst of a restart, whose counter begins again',
    series: {
      [deliveries(ONE, 200)]: '100+10x5 0+10x20',
      [deliveries(ONE, 503)]: '7 7 7 7 19 19 0x20',
    },
    at: 10,
    fires: [],
  },
  {
    alert: 'ShopkeeperDeliveriesUnauthorized',
    when: 'fires when the key of a small account was changed',
    series: {
      [deliveries(ONE, 200)]: '20x40',
      [deliveries(ONE, 401)]: '0x10 1x5 2x5 3x5 4x5 5x10',
    },
    at: 38,
    fires: [US],
  },
  {
    alert: 'ShopkeeperDeliveriesUnauthorized',
    when: 'is silent about one stray, and about few among many',
    series: {
      [deliveries(ONE, 200)]: '0+100x40',
      [deliveries(ONE, 401)]: '0x5 1x10 4x25',
      [deliveries('job="shopkeeper-b",instance="b:3000"', 401)]: '0x5 1x35',
      [deliveries('job="shopkeeper-b",instance="b:3000"', 200)]: '0x40',
    },
    at: 25,
    fires: [],
  },
];
