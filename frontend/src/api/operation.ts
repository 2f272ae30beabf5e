/** The text of a GraphQL operation, which knows what it takes and gives. */
export type Operation<Data, Variables> = string & { readonly __is?: (variables: Variables) => Data };
