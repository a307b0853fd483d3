/** Vocabulary of the generator: plain words, and the texts that break careless code. */
export const nouns = 'Boot,Tee,Lamp,Kettle,Chair,Mug,Scarf,Rug,Clock,Tent,Bowl,Jacket,Pan,Shelf,Bag,Knife'.split(',');
export const adjectives = 'Plain,Blue,Heavy,Folding,Oak,Woollen,Small,Northern,Classic,Enamel,Soft,Tall'.split(',');
export const makers = 'Acme,Harbour,Nordwind,Marsh & Sons,Café Müller,O’Neil,Kōbō,Smith <Tools>,Ünal,Fjord'.split(',');
export const rooms = 'Kitchen,Garden,Outdoor,Office,Living,Bath,Travel,Workshop,Kids,Light'.split(',');

/** Names as the database holds them: entities encoded, tags kept (fidelity §1 T1, T2). */
export const uglyNames = [
  'Fish &amp; Chips Fork',
  'Bold <b>Teapot</b>',
  'Sun lamp 🌞☀️',
  'كوب شاي أخضر',
  'כיסא מתקפל',
  '日本の茶碗',
  'Ångström Lämp',
  'e\u0301clair mould',
  'Size 5&quot; bracket',
  'O&#039;Brien mug',
  'Tab\tand  double  blanks',
  '50% off? No!',
  `A very long name ${'that never ends '.repeat(18)}`,
];

export const descriptions = [
  '',
  'Plain words.\n\nA second paragraph\nwith a broken line.',
  '<p>Ready <strong>markup</strong> with a <a href="/product/plain-boot/">link</a>.</p>',
  '[gallery ids="11,12"]\n\nText after a gallery.',
  'Before [missing_plugin id="3"]kept inside[/missing_plugin] after.',
  '<script>alert(1)</script><p onclick="x()">Hand-made &amp; fair.</p>',
  '<ul><li>One</li><li>Two</li></ul>',
  'مقاس واحد يناسب الجميع',
];
