/** Lint rules of this repository that the linter itself does not have. */

/** The part of a syntax node that these rules read. */
interface Node {
  readonly type: string
  readonly name?: string
  readonly await?: boolean
  readonly kind?: string
  readonly key?: Node
  readonly arguments?: readonly Node[]
  readonly callee?: Node
  readonly expression?: Node
  readonly id?: Node
  readonly init?: Node | null
  readonly left?: Node
  readonly right?: Node
  readonly typeAnnotation?: Node
}

interface Context {
  report(problem: { readonly node: Node; readonly message: string }): void
}

interface Rule {
  create(context: Context): Readonly<Record<string, (node: Node) => void>>
}

const isDate = (node: Node): boolean => node.callee?.type === 'Identifier' && node.callee.name === 'Date'

/** Time does not come from the machine and nothing waits: the clock is a port and the pure folders are synchronous. */
const synchronousAndClockless: Rule = {
  create: (context) => {
    const awaits = (node: Node): void =>
      context.report({ node, message: 'Nothing waits here: answer through an event, and await in a driver, a store or the runner.' })
    const now = (node: Node): void =>
      context.report({ node, message: 'This reads the machine clock: take the time from the event or the Clock port.' })
    return {
      AwaitExpression: awaits,
      ForOfStatement: (node) => { if (node.await === true) awaits(node) },
      NewExpression: (node) => { if (isDate(node) && node.arguments?.length === 0) now(node) },
      CallExpression: (node) => { if (isDate(node)) now(node) },
    }
  },
}

/** `as unknown as T` switches the compiler off: parse the value, or narrow it with a guard. */
const noDoubleAssertion: Rule = {
  create: (context) => ({
    TSAsExpression: (node) => {
      if (node.expression?.type === 'TSAsExpression' && node.expression.typeAnnotation?.type === 'TSUnknownKeyword') {
        context.report({ node, message: '`as unknown as` hides a wrong type: parse the value, or narrow it with a guard.' })
      }
    },
  }),
}

/** A private method is called like any function; a private accessor is looked up by the engine's runtime at every access, which costs twenty times as much. */
const noPrivateAccessor: Rule = {
  create: (context) => ({
    MethodDefinition: (node) => {
      if (node.key?.type === 'PrivateIdentifier' && (node.kind === 'get' || node.kind === 'set')) context.report({ node, message: 'The engine does not optimise private accessors: make it a private method.' })
    },
  }),
}

/** `const [a, b] = [x, y]` inside of a function makes an array and iterates over it, in ten times the instructions of two declarations, until it is compiled by the last stage. */
const noLiteralDestructuring: Rule = {
  create: (context) => {
    let depth = 0
    const enter = (): void => { depth += 1 }
    const leave = (): void => { depth -= 1 }
    const check = (node: Node, target: Node | undefined, value: Node | null | undefined): void => {
      if (depth > 0 && target?.type === 'ArrayPattern' && value?.type === 'ArrayExpression') context.report({ node, message: 'This iterates over an array that it makes: declare or assign one after the other.' })
    }
    return {
      FunctionDeclaration: enter, FunctionExpression: enter, ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave, 'FunctionExpression:exit': leave, 'ArrowFunctionExpression:exit': leave,
      VariableDeclarator: (node) => { check(node, node.id, node.init) },
      AssignmentExpression: (node) => { check(node, node.left, node.right) },
    }
  },
}

export default {
  meta: { name: 'hedgerow' },
  rules: { 'synchronous-and-clockless': synchronousAndClockless, 'no-double-assertion': noDoubleAssertion, 'no-private-accessor': noPrivateAccessor, 'no-literal-destructuring': noLiteralDestructuring },
}
