/** tsyringe, which needs its polyfill to be there first. Apart from the container, so that declarations that users see name neither. */
// oxlint-disable-next-line import/no-unassigned-import -- importing it is its whole effect
import 'reflect-metadata'

export { container, instancePerContainerCachingFactory, type DependencyContainer } from 'tsyringe'
