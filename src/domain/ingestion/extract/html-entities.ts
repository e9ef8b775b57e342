/** The named entities that pages use; any other stays as it is written. */

const PAIRS = `
  amp & lt < gt > apos ' ndash – mdash — lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ laquo «
  raquo » lsaquo ‹ rsaquo › hellip … bull • middot · copy © reg ® trade ™ deg ° plusmn ± times ×
  divide ÷ minus − frac12 ½ frac14 ¼ frac34 ¾ sup1 ¹ sup2 ² sup3 ³ micro µ para ¶ sect § euro €
  pound £ yen ¥ cent ¢ curren ¤ iexcl ¡ iquest ¿ ordf ª ordm º permil ‰ prime ′ Prime ″ larr ← uarr ↑
  rarr → darr ↓ harr ↔ infin ∞ ne ≠ le ≤ ge ≥ asymp ≈ equiv ≡ sum ∑ prod ∏ radic √ part ∂ int ∫
  alpha α beta β gamma γ delta δ epsilon ε lambda λ mu μ pi π sigma σ omega ω Delta Δ Omega Ω Agrave À
  Aacute Á Acirc Â Atilde Ã Auml Ä Aring Å AElig Æ Ccedil Ç Egrave È Eacute É Ecirc Ê Euml Ë Igrave Ì
  Iacute Í Icirc Î Iuml Ï ETH Ð Ntilde Ñ Ograve Ò Oacute Ó Ocirc Ô Otilde Õ Ouml Ö Oslash Ø Ugrave Ù
  Uacute Ú Ucirc Û Uuml Ü Yacute Ý THORN Þ szlig ß agrave à aacute á acirc â atilde ã auml ä aring å
  aelig æ ccedil ç egrave è eacute é ecirc ê euml ë igrave ì iacute í icirc î iuml ï eth ð ntilde ñ
  ograve ò oacute ó ocirc ô otilde õ ouml ö oslash ø ugrave ù uacute ú ucirc û uuml ü yacute ý thorn þ
  yuml ÿ OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ fnof ƒ circ ˆ tilde ˜
`;

/** By name, without `&` and `;`. */
export const ENTITIES = new Map<string, string>([
  ["quot", '"'],
  ["nbsp", " "],
  ["ensp", " "],
  ["emsp", " "],
  ["thinsp", " "],
  ["shy", ""],
  ["zwnj", "\u200c"],
  ["zwj", "\u200d"],
  ["lrm", ""],
  ["rlm", ""],
  ...pairs(PAIRS.trim().split(/\s+/)),
]);

function* pairs(words: string[]): Generator<[string, string]> {
  for (let i = 0; i + 1 < words.length; i += 2) yield [words[i] ?? "", words[i + 1] ?? ""];
}
