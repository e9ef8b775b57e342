/** Words that carry grammar, by language: what tells a language, and what a question says beside its subject. */
import { fold } from "./fold.ts";

const LISTS = {
  en: `a about after all also an and any are as at be because been before but by can could do does for from had has have
    he her his how i if in into is it its me may must my no not of on only or other our out over per non net com via de la she should so some such
    than that the their them then there these they this those to under was we were what when where which while who will
    with would you your`,
  de: `aber alle als also am an auch auf aus bei beim bin bis das dass dem den der des dessen die dies diese diesem
    diesen dieser dieses doch du durch ein eine einem einen einer eines er es etwas für gibt habe haben hat ich ihm ihn
    ihr ihre ihrem ihren im in ist ja jede jeder kann kein keine können man mein meine meinem meinen meiner mich mir mit
    muss müssen nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so soll sollte über um und uns unser
    unsere unter viel viele vom von vor wann war warum was welche welchem welchen welcher welches wenn wer werden wie
    wieviel wir wird wo wurde zu zum zur zwischen darf dürfen`,
  fr: `ai au aucun aussi aux avec avez avoir avons c ce ces cet cette ceux chaque combien comme comment d dans de des
    doit doivent donc dont du elle elles en encore entre est et être eu fait faut il ils j je jusqu l la le les leur
    leurs lorsque lui m ma mais me mes moi mon n ne nos notre nous on ont ou où par pas pendant peut peuvent peux plus
    pour pourquoi puis qu quand que quel quelle quelles quels qui quoi s sa sans se sera ses si soit son sont sous sur
    sa t te tes toi ton tous tout toute toutes très tu un une vers vos votre vous y à été`,
  es: `a al algo alguna alguno ante antes aquí así cada como con cual cuales cuando cuanta cuanto cuantos cuantas cuál
    cuándo cuánto cuántos cómo de debe deben debo del desde donde dónde durante e el ella ellos en entre era es esa ese
    eso esta estas este esto estos está están fue ha han hasta hay he la las le les lo los me mi mis muy más nada no nos
    nosotros nuestra nuestro o os otra otro para pero por porque puede pueden puedo que quien quién qué se ser si sin
    sobre son su sus sí también tan te tengo tiene tienen todo todos tu tus un una uno unos usted y ya yo`,
  it: `a ad agli ai al alla alle anche ancora c che chi ci cioè come con contro cosa cui da dagli dai dal dalla dalle
    degli dei del dell della delle dello deve devono di dopo dove e ed era essere fa fra gli ha hanno ho i il in io l la
    le lo loro ma mi mia mio miei ne negli nei nel nella nelle no noi non nostra nostro o ogni per perché più poi posso
    può possono prima qual quale quali quando quanta quante quanti quanto quella quello questa queste questi questo qui
    se sempre senza si sia sono su sua sul sulla sulle suo suoi tra tu tutti tutto un una uno vi voi è`,
  pt: `a ao aos as até cada com como da das de dela dele deve devem do dos e ela elas ele eles em entre era essa esse
    esta este está estão eu foi foram há isso isto já la lhe mais mas me mesmo meu meus minha minhas muito na nas nem no
    nos nossa nosso num numa não nós o onde os ou para pela pelas pelo pelos podem pode posso por porque qual quais
    quando quanta quanto quantos quantas que quem se sem ser seu seus sobre sua suas são só também tem tenho todos tudo
    um uma você vocês à às é`,
  nl: `aan al alle als bij binnen dan dat de deze die dit door dus een elk en er ga geen gaat had hebben heb heeft het
    hij hoe hoelang hoeveel hun ik in is je jij jullie kan kunnen maar me meer met mij mijn moet moeten na naar niet nog
    nu of om omdat onder ons onze ook op over per te tegen tijdens toch tot u uit uw van veel voor waar waarom wanneer
    want waren was wat we wel welke werd wie wij wil worden wordt zal ze zich zij zijn zo zonder zou`,
  tr: `acaba ama ancak bana bazı ben beni benim bir biri biz bize bizim bu bunu bunun böyle da daha de değil diye en
    eğer gibi göre hangi hem hep her herhangi hiç için ile ilgili ise kaç kadar ki kim kimin mi mı mu mü nasıl ne neden
    nedir nerede nereye o olan olarak oldu olduğu olur on ona onlar onun sen siz sizin sonra tüm var ve veya ya yani yok
    zaman şu çok üzere önce`,
  ru: `а без более бы был была были было быть в вам вас весь во вот все всё всего вы где да для до его ее если есть еще
    же за и из или им их к как какая какие каким каких какой какого кем когда кого кому кто ли либо мне можно может мой
    моя мы на над надо нам нас наш не него нет ни но ну нужно о об он она они оно от по под после почему при с сам свой
    себя сколько со так также такой там то тогда того тоже только том ты у уже чего чем через что чтобы эта эти это этого
    этой этом этот я`,
  hi: `अगर अपना अपनी अपने अब आप आपका आपकी आपके इन इस इसका इसकी इसके इसे उन उनका उनके उस उसका उसकी उसके उसे एक एवं ऐसे और
    कब कर करते करना करने करें कहाँ कहां का काफी कि कितना कितनी कितने किन किस किसी की कुछ के को कोई कौन कौनसा क्या क्यों गया
    गयी गए जब जा जाए जाता जाती जाते जाना जिस जो तक तब तो था थी थे दिया दें द्वारा नहीं ने पर पहले फिर बाद बारे बहुत भी मुझे में
    मेरा मेरी मेरे मैं यदि यह या ये रहा रहे लिए लेकिन वह वाला वाली वाले वे सकता सकती सकते सब सभी साथ से हम हमारा हमारी हमारे
    ही हुआ हुई हुए है हैं हो होता होती होते होना होने`,
} as const;

export type Listed = keyof typeof LISTS;
export const LISTED = Object.keys(LISTS) as Listed[];

const SETS = new Map(LISTED.map((language) => [language, new Set(LISTS[language].split(/\s+/).map(fold))]));

/** Which of the listed languages the folded word is grammar of, as bits in the order of LISTED. */
export const GRAMMAR: ReadonlyMap<string, number> = (() => {
  const bits = new Map<string, number>();
  for (const [at, words] of [...SETS.values()].entries()) {
    for (const word of words) bits.set(word, (bits.get(word) ?? 0) | (1 << at));
  }
  return bits;
})();

/** @param word folded */
export const isGrammar = (word: string, language: Listed) => SETS.get(language)?.has(word) ?? false;
