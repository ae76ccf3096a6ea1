#!/usr/bin/env node
// CommonJS and old syntax on purpose: this file must parse on any Node, to say which one is needed.
'use strict';

var NEEDED_MAJOR = 24;
var EXIT_NODE_TOO_OLD = 78;

if (Number(process.versions.node.split('.')[0]) < NEEDED_MAJOR) {
  process.stderr.write(
    'hedgerow: this is Node ' + process.versions.node + ', hedgerow needs ' + NEEDED_MAJOR +
      ' or newer. Run: npx -p node@24 -p hedgerow hedgerow ' + process.argv.slice(2).join(' ') + '\n',
  );
  process.exit(EXIT_NODE_TOO_OLD);
}

import('../dist/main.js').catch(function (error) {
  var unbuilt = error.code === 'ERR_MODULE_NOT_FOUND' && /dist[\\/]main\.js/.test(error.message);
  process.stderr.write(unbuilt ? 'hedgerow: dist/main.js is missing. Run: npm run build\n' : error.stack + '\n');
  process.exit(1);
});
