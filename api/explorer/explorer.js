"use strict";

// Swagger UI fills the form with every example. One of each at once asks for something that hardly exists, so what may be left
// out begins empty, and its example is told in its description.
const told = (parameter) => {
  if (parameter.required || parameter.example === undefined) return parameter;
  const { example, ...rest } = parameter;
  return { ...rest, description: `${rest.description ?? ""}\n\nExample: \`${example}\`` };
};

const toldEverywhere = (document) => {
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item)) {
      if (operation.parameters) operation.parameters = operation.parameters.map(told);
    }
  }
  return document;
};

const withoutFilledForms = () => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (original) => (document) => original(toldEverywhere(document)) } },
  },
});

window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#explorer",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [withoutFilledForms],
    layout: "BaseLayout",
    validatorUrl: null,
  });
});
