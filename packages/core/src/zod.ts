/** The schema library as one module: the published file of this name has all of it, so that whoever imports it from here loads it once and fast. */
export { z } from 'zod'
