/** A language model as OpenAI's interface lists it. */

/** Nobody here knows when a provider made its model. */
const CREATED = 0;

export const openAiModel = (id: string) => ({
  id,
  object: "model",
  created: CREATED,
  owned_by: "kalamna",
});
