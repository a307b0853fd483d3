import type { Random } from '../../../src/sandbox/shared/random.ts';
import { inEnglish, slugOf, type SeedBench } from './bench.ts';
import { colours, sizes } from './words.ts';

export interface ChosenGroup {
  readonly id: string;
  readonly optionIds: readonly string[];
}

/** Option groups belong to a product, or are shared by many of them: a shop may do both. */
export class OptionGroups {
  readonly #admin: SeedBench['admin'];
  #sharedSize: ChosenGroup | undefined;

  private constructor({ admin }: SeedBench) {
    this.#admin = admin;
  }

  static async open(bench: SeedBench): Promise<OptionGroups> {
    const groups = new OptionGroups(bench);
    groups.#sharedSize = await groups.create('shared-size', 'Size', ['S', 'M', 'L']);
    return groups;
  }

  get sharedSize(): ChosenGroup {
    if (this.#sharedSize === undefined) throw new Error('the groups are not open');
    return this.#sharedSize;
  }

  /** One or two groups: colours, sizes, or both. */
  async choose(random: Random, number: number): Promise<ChosenGroup[]> {
    const size = random.chance(0.5)
      ? this.sharedSize
      : await this.create(`size-${number}`, 'Size', random.shuffle(sizes).slice(0, random.int(2, 4)));
    if (random.chance(0.4)) return [size];
    const names = random.shuffle(colours).slice(0, random.int(2, 4));
    return [await this.create(`colour-${number}`, 'Colour', names), size];
  }

  async create(code: string, name: string, options: readonly string[]): Promise<ChosenGroup> {
    const { group } = await this.#admin.ask<{ group: { id: string; options: { id: string; code: string }[] } }>(
      `mutation ($input: CreateProductOptionGroupInput!) {
        group: createProductOptionGroup(input: $input) { id options { id code } }
      }`,
      {
        input: {
          code,
          translations: inEnglish(name),
          options: options.map((option, at) => ({ code: slugOf(option, at + 1), translations: inEnglish(option) })),
        },
      },
    );
    const byCode = new Map(group.options.map((option) => [option.code, option.id]));
    return { id: group.id, optionIds: options.map((option, at) => byCode.get(slugOf(option, at + 1)) ?? '') };
  }
}
