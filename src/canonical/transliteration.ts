/** Latin letters that Unicode does not take apart into a base letter and marks. */
const LATIN =
  'ß:ss ẞ:SS æ:ae Æ:AE œ:oe Œ:OE ø:o Ø:O đ:d Đ:D ð:d Ð:D þ:th Þ:TH ł:l Ł:L ı:i ħ:h Ħ:H ŋ:n Ŋ:N ŧ:t Ŧ:T ĸ:k ſ:s';

const CYRILLIC =
  'а:a б:b в:v г:g ґ:g д:d ђ:dj е:e є:ie ж:zh з:z и:i і:i ј:j к:k л:l љ:lj м:m н:n њ:nj о:o п:p р:r с:s т:t ћ:c у:u ' +
  'ф:f х:h ц:ts ч:ch џ:dz ш:sh щ:shch ъ: ы:y ь: э:e ю:yu я:ya';

const GREEK = 'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o';

const LETTERS: ReadonlyMap<string, string> = new Map(
  `${LATIN} ${CYRILLIC} ${GREEK}`.split(' ').map((pair) => {
    const [letter = '', ascii = ''] = pair.split(':');
    return [letter, ascii] as const;
  }),
);

/**
 * One character in the ASCII of addresses: itself, its base letter, its usual Latin spelling; '' for a letter or symbol
 * of a script that has none here, and a hyphen for what separates words.
 */
export function asciiLetter(letter: string): string {
  if (/^[A-Za-z0-9._~-]$/.test(letter)) return letter;
  const bare = letter.normalize('NFKD').replace(/\p{M}/gu, '');
  if (/^[A-Za-z0-9._~-]+$/.test(bare)) return bare;
  const known = LETTERS.get(letter) ?? LETTERS.get(bare) ?? LETTERS.get(bare.toLowerCase());
  if (known !== undefined) return known;
  return /\p{L}|\p{M}|\p{N}|\p{Extended_Pictographic}/u.test(letter) ? '' : '-';
}
