/** Vocabulary of the seeding: plain words, and the texts that break careless code. */
export const nouns = 'Boot,Tee,Lamp,Kettle,Chair,Mug,Scarf,Rug,Clock,Tent,Bowl,Jacket,Pan,Shelf,Bag,Knife'.split(',');
export const adjectives = 'Plain,Blue,Heavy,Folding,Oak,Woollen,Small,Northern,Classic,Enamel,Soft,Tall'.split(',');
export const makers = 'Acme,Harbour,Nordwind,Marsh & Sons,Café Müller,O’Neil,Kōbō,Smith <Tools>,Ünal,Fjord'.split(',');
export const rooms = 'Kitchen,Garden,Outdoor,Office,Living,Bath,Travel,Workshop,Kids,Light'.split(',');
export const colours = 'Red,Blue,Green,Black,White,Ochre,Türkis'.split(',');
export const sizes = 'XS,S,M,L,XL,42 × 60 cm'.split(',');

/** Vendure keeps text as it is typed. */
export const uglyNames = [
  'Plain Mug',
  'Plain Mug',
  'plain mug',
  'Fish & Chips "Fork" <b>3</b>',
  'Sun lamp 🌞☀️',
  'كوب شاي أخضر',
  'כיסא מתקפל',
  '日本の茶碗',
  'e\u0301clair mould',
  'Tab\tand  double  blanks',
  '50% off? No!',
  `A very long name ${'that never ends '.repeat(18)}`.trim(),
];

export const descriptions = [
  '',
  '<p>Ready <strong>markup</strong> with a <a href="/product/plain-boot">link</a>.</p>',
  '<script>alert(1)</script><p onclick="x()">Hand-made &amp; fair.</p>',
  '<ul><li>One</li><li>Two</li></ul><iframe src="https://video.example.test/1"></iframe>',
  'Plain words, no tags at all.\nA second line.',
  '<p>مقاس واحد يناسب الجميع</p>',
];

export const firstNames = 'Ann,Bjørn,Chloé,Dimitri,Emeka,Fátima,Grace,Hiroko,Ivana,José,Kim,Léa,Måns,Nora,Omar'.split(
  ',',
);
export const lastNames = 'Lee,Müller,O’Neil,Nakamura,García,van den Berg,Šimić,Okafor,Smith,Ødegård,Dupont'.split(',');

/** City, province, postcode, country, as shoppers type them. */
export const places: readonly [string, string, string, string][] = [
  ['New York', 'New York', '10001', 'US'],
  ['Portland', 'OR', '97201', 'US'],
  ['Toronto', 'Ontario', 'M5V 2T6', 'CA'],
  ['Berlin', '', '10115', 'DE'],
  ['London', '', 'SW1A 1AA', 'GB'],
  ['Paris', 'Île-de-France', '75001', 'FR'],
  ['東京', '', '100-0001', 'JP'],
];
