import { Big } from 'big.js';

// Units as both platforms name them, in kilograms and centimetres. Factors are exact (fidelity §3 "Units").
const POUND = '0.45359237';
const KILOGRAMS: Record<string, Big> = {
  kg: new Big(1),
  g: new Big('0.001'),
  lb: new Big(POUND),
  oz: new Big(POUND).div(16),
  t: new Big(1_000),
};
const CENTIMETRES: Record<string, Big> = {
  m: new Big(100),
  cm: new Big(1),
  mm: new Big('0.1'),
  in: new Big('2.54'),
  yd: new Big('91.44'),
};
const NAMES: Record<string, string> = {
  kgs: 'kg',
  kilograms: 'kg',
  kilogrammes: 'kg',
  grams: 'g',
  lbs: 'lb',
  pounds: 'lb',
  ounces: 'oz',
  tonnes: 't',
  meters: 'm',
  metres: 'm',
  centimeters: 'cm',
  centimetres: 'cm',
  millimeters: 'mm',
  inches: 'in',
  yards: 'yd',
};

export type Measure = (value: string) => string;

/** Turns a source's figure into the target's unit: 4 decimals half up, untouched where the units agree. */
export function weightMeasure(from: string, to: string): Measure {
  return measure(KILOGRAMS, from, to);
}

export function lengthMeasure(from: string, to: string): Measure {
  return measure(CENTIMETRES, from, to);
}

export function unitsDiffer(from: string, to: string): boolean {
  return from !== '' && to !== '' && unit(from) !== unit(to);
}

function measure(table: Record<string, Big>, from: string, to: string): Measure {
  const [has, wants] = [table[unit(from)], table[unit(to)]];
  return (value) => {
    if (value.trim() === '') return '0';
    if (!has || !wants || has.eq(wants)) return value;
    return new Big(value).times(has).div(wants).round(4, Big.roundHalfUp).toString();
  };
}

function unit(name: string): string {
  const key = name.trim().toLowerCase();
  return NAMES[key] ?? key;
}
