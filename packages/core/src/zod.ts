/**
 * The schema library as one module: the published file of this name has all of it but messages in other languages than English, so that whoever
 * imports it from here loads it once and fast.
 */
export { z } from 'zod'
