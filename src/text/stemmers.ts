/**
 * Light stemmers: they take off what declension and conjugation put on, and the commonest derivations, after the example
 * of Savoy's (UniNE) and of Lucene's Hindi stemmer. What they leave need not be a word, only the same for its forms.
 */

export const STEMMED = ["de", "fr", "es", "it", "pt", "nl", "tr"] as const;
/** Languages of one script whose words are stemmed differently. */
export type Stemmed = (typeof STEMMED)[number];

/** Endings, longest first where one ends another; `chi>c` puts something in their place. */
type Pass = { least: number; endings: Map<string, string>; longest: number };

function pass(least: number, list: string): Pass {
  const endings = new Map(
    list
      .trim()
      .split(/\s+/)
      .map((entry): [string, string] => {
        const [ending = "", instead = ""] = entry.split(">");
        return [ending, instead];
      }),
  );
  return { least, endings, longest: Math.max(...[...endings.keys()].map(({ length }) => length)) };
}

/** The longest ending that leaves `least` letters goes. */
function strip(word: string, { least, endings, longest }: Pass): string {
  for (let length = Math.min(longest, word.length - least); length > 0; length--) {
    const instead = endings.get(word.slice(-length));
    if (instead !== undefined) return word.slice(0, -length) + instead;
  }
  return word;
}

const through =
  (...passes: Pass[]) =>
  (word: string) =>
    passes.reduce(strip, word);

const german = through(
  pass(4, "ungen ung heiten heit keiten keit nissen nisse nis lichen liche licher liches lich innen in"),
  pass(3, "ern em en er es est sten ste et te ten ter tes tem test tet e n s t"),
);
const french = through(
  pass(3, "eaux>eau aux>al s x"),
  pass(
    4,
    `issement ation ateur atrice ement ment euse able ible ite ive if eur eraient erait eront erons erez era
     issent issant issait irait iront ira aient ait ant ante ent ons ions iez ez er ee e ir i it is ie`,
  ),
  pass(3, "e"),
);
const spanish = through(
  pass(3, "es s"),
  pass(
    3,
    `acion icion cion amiento imiento mente idad able ible ador adora ando iendo ado ada ido ida aron ieron aban aba
     ian ia aran eran iran ara era ira aremos eremos amos emos imos an en ar er ir o a e`,
  ),
);
const italian = through(
  pass(
    3,
    "azioni azione izioni izione zioni zione amenti amento imenti imento mente ita abile abili ibile ibili",
  ),
  pass(
    3,
    `chi>c che>c ghi>g ghe>g ando endo ato ata ati ate uto uta uti ute ito iti arono erono irono avano evano ava eva
     eranno era iamo ano ono are ere ire io ie ia ii i o a e`,
  ),
);
const portuguese = through(
  pass(3, "coes>cao oes>ao aes>ao ais>al eis>el ois>ol ns>m res>r zes>z s"),
  pass(
    3,
    `acao icao cao amento imento mente idade avel ivel ador adora ando endo indo ado ada ido ida aram eram iram avam
     ava iam ia ara era ira arao erao irao aremos amos emos imos am em ar er ir ao o a e`,
  ),
);
const dutchEndings = through(
  pass(4, "ingen ing heden heid lijke lijk tjes tje baar bare"),
  pass(3, "eren den ten de te en e ers>er els>el ems>em t d"),
);
const dutch = (word: string) =>
  dutchEndings(word)
    .replace(/([aeou])\1/g, "$1")
    .replace(/([bdfgklmnprst])\1$/, "$1")
    .replace(/v$/, "f")
    .replace(/z$/, "s");

/** Vowel harmony is gone with the accents; endings follow each other, so they are taken off one by one. */
const turkishEndings = pass(
  3,
  `lari leri larin lerin lar ler nin nun in un yi yu i u a e ya ye da de ta te dan den tan ten nda nde ndan nden la le
   yla yle ini unu sini sunu im um imiz umuz miz muz iniz unuz niz nuz si su mak mek iyor uyor di du ti tu mis mus
   acak ecek ir ur ar er lik luk li lu ma me dir dur tir tur n y`,
);
const turkish = (word: string) => {
  let stem = word;
  for (let round = 0; round < 4; round++) {
    const next = strip(stem, turkishEndings);
    if (next === stem) break;
    stem = next;
  }
  return stem.replace(/b$/, "p").replace(/d$/, "t").replace(/g$/, "k");
};

const BY_LANGUAGE: Record<Stemmed, (word: string) => string> = {
  // Both spellings of an umlaut are one.
  de: (word) => german(word.replace(/(?<!q)([aou])e/g, "$1")),
  fr: french,
  es: spanish,
  it: italian,
  pt: portuguese,
  nl: dutch,
  tr: turkish,
};

/** @param word folded (fold.ts), of Latin letters */
export function stemLatin(word: string, language: Stemmed): string {
  return BY_LANGUAGE[language](word);
}

const russian = through(
  pass(3, "ся сь"),
  pass(
    3,
    `иями ями ами ией иям ием иях ах ях ям ам ом ем ей ов ев ий ый ой ая яя ое ее ые ие ого его ому ему ыми ими ую юю
     ых их ым им ешь ишь ете ите ует уют ет ит ют ут ят ат ейте уйте ала али ало ал яла яли яло ял ила или ило ил ыла
     ыли ыло ыл ела ели ело ел ать ять ить еть уть ена ено ены ен анн енн ости остью ость а я о е и ы у ю ь й`,
  ),
  pass(3, "нн>н ь й и е а я"),
);

/** @param word folded, of Cyrillic letters; made for Russian, and harmless where others share the letters */
export const stemCyrillic = russian;

/** @param word folded, of Greek letters */
export const stemGreek = through(
  pass(
    3,
    `ματων ματα ματοσ ιων ιασ ιεσ εισ εων εωσ ουσ ων οσ ου ον οι εσ ησ ασ ισ οντασ ουμε ετε ουν ει α η ι ο ε υ`,
  ),
);

const NASAL = /[नमङञण]्(?=[क-ह])/g;
const HINDI_MARKS = /[\u093C\u0901]/g;
const hindi = through(
  pass(
    2,
    `ाएंगी ाएंगे ाऊंगी ाऊंगा ाइयां ाइयों ाएगी ाएगा ाओगी ाओगे एंगी ेंगी एंगे ेंगे ूंगी ूंगा ातीं नाओं नाएं ताओं ताएं
    ियां ियों ाकर ाइए ाईं ाया ेगी ेगा ोगी ोगे ाने ाना ाते ाती ाता तीं ाओं ाएं ुओं ुएं ुआं कर ाओ िए ाई ाए ने नी ना ते ीं ती ता
    ां ों ें ो े ू ु ी ि ा`,
  ),
);
/** Nukta and candrabindu one way, a nasal before a consonant as anusvara (`हिन्दी` and `हिंदी`). */
export const stemDevanagari = (word: string) =>
  hindi(word.replace(HINDI_MARKS, (mark) => (mark === "\u0901" ? "ं" : "")).replace(NASAL, "ं"));
