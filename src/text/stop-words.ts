/** Words that carry grammar rather than subject: counted in a question, but little. */

const ENGLISH = `
  a about above after again against all also am an and any are aren as at be because been before being below between
  both but by can cannot could couldn d did didn do does doesn doing don down during each few for from further get
  had hadn has hasn have haven having he her here hers herself him himself his how i if in into is isn it its itself
  just ll m may me might more most must my myself no nor not now of off on once only or other our ours ourselves out
  over own please re s same shall she should shouldn so some such t tell than that the their theirs them themselves
  then there these they this those through to too under until up upon us ve very was wasn we were weren what when
  where whether which while who whom whose why will with won would wouldn you your yours yourself yourselves`;

const ARABIC = `
  في من على الى عن مع هل ما ماذا متى اين كيف كم لماذا هو هي هم هذا هذه ذلك تلك التي الذي الذين ان او و ثم لا لم لن ليس
  كان كانت يكون تكون قد كل بعض غير بين حتى اذا عند عندما بعد قبل اي ايه نحن انا انت لدي لديكم هناك حول خلال دون منذ
  يمكن يمكنني لكن كما به بها له لها فيه فيها منه منها عليه عليها التى الي`;

const words = (list: string) => list.trim().split(/\s+/);

/** As they are spelled; analyze.ts stems them before comparing. */
export const STOP_WORDS: readonly string[] = [...words(ENGLISH), ...words(ARABIC)];
