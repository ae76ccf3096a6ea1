/** Rows as the venue writes them, to be changed in the fields that a test is about. */

/** A resting order. */
export function orderRow(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    category: 'linear', symbol: 'BTCUSDT', orderId: 'oid-1', orderLinkId: 'hr-1', side: 'Buy', positionIdx: 1, orderType: 'Limit', orderStatus: 'New', stopOrderType: '', triggerDirection: 0, triggerPrice: '',
    triggerBy: '', reduceOnly: false, qty: '0.5', cumExecQty: '0', price: '49000', rejectReason: 'EC_NoError', cancelType: 'UNKNOWN', createdTime: '1700000000000', updatedTime: '1700000000001', ...more,
  }
}

/** A match of it. */
export function executionRow(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    category: 'linear', symbol: 'BTCUSDT', execId: 'exec-1', execType: 'Trade', orderId: 'oid-1', orderLinkId: 'hr-1', side: 'Buy', execPrice: '49000', execQty: '0.5', execFee: '13.475', feeRate: '0.00055',
    feeCurrency: '', markPrice: '49001', closedSize: '0', isMaker: false, execTime: '1700000000002', seq: 7, ...more,
  }
}

/** A leg; a flat one where the size is 0. */
export function positionRow(more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    category: 'linear', symbol: 'BTCUSDT', positionIdx: 1, side: '', size: '0', avgPrice: '0', entryPrice: '0', markPrice: '49000', unrealisedPnl: '', liqPrice: '', positionIM: '0', positionMM: '0', leverage: '10',
    seq: 7, updatedTime: '1700000000003', ...more,
  }
}

/** Both legs of a symbol in hedge mode, flat. */
export function flatPair(symbol: string = 'BTCUSDT'): Record<string, unknown>[] {
  return [positionRow({ symbol, positionIdx: 1 }), positionRow({ symbol, positionIdx: 2 })]
}

/** The account in USDT. */
export const walletRow: Readonly<Record<string, unknown>> = {
  accountType: 'UNIFIED', totalAvailableBalance: '900', totalInitialMargin: '100', totalMaintenanceMargin: '5', coin: [{ coin: 'USDT', walletBalance: '1000', equity: '1001' }],
}
