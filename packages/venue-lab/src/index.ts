/** Local venues. */
export {}
