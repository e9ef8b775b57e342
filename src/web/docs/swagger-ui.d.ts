/** The part of Swagger UI that we use: https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/ */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  type Component = (props: Record<string, unknown>) => unknown;

  export type System = {
    React: {
      createElement(type: unknown, props: Record<string, unknown> | null, ...children: unknown[]): unknown;
    };
  };

  export type Plugin = (system: System) => {
    components?: Record<string, Component>;
    wrapComponents?: Record<string, (original: unknown, system: System) => Component>;
  };

  export default function SwaggerUI(options: {
    url: string;
    domNode: Element;
    deepLinking?: boolean;
    docExpansion?: "list" | "full" | "none";
    filter?: boolean;
    tryItOutEnabled?: boolean;
    validatorUrl?: null;
    defaultModelsExpandDepth?: number;
    plugins?: Plugin[];
    onComplete?: () => void;
  }): unknown;
}
