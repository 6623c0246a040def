package io.matriarch.core.request;

import io.matriarch.wire.client.ErrorCode;
import io.matriarch.wire.txn.CloseSessionTxn;
import io.matriarch.wire.txn.ErrorTxn;
import io.matriarch.wire.txn.TxnBody;
import io.matriarch.wire.txn.TxnDigest;
import io.matriarch.wire.txn.TxnHeader;

/**
 * How long a transaction may be (zab.md D16, 4306): what is longer no learner could read from the wire, nor anybody from the
 * log, and with it the ensemble would be down for good. It is therefore not proposed; whoever asked is told BAD_ARGUMENTS,
 * which every client knows and none repeats. A request within {@code jute.maxbuffer} gets there by sequence numbers and, above
 * all, by the scheme auth, which stands for all of the client's identities.
 *
 * <p>The end of a session cannot be refused. Its paths are left out, which means those that each server knows, and these are
 * the same everywhere after the same transactions.
 *
 * @param maxBytes of a transaction with its header and its digest
 * @param report is told of each that is refused
 */
public record TxnLimit(int maxBytes, Report report) {
    private static final int AROUND_BODY_BYTES = TxnHeader.SIZE_BYTES + TxnDigest.SIZE_BYTES;

    static final TxnLimit NONE = new TxnLimit(Integer.MAX_VALUE, (request, sizeBytes) -> {});

    /** Who is told of what is refused. */
    @FunctionalInterface
    public interface Report {
        /** {@code request} would have become a transaction of {@code sizeBytes} at least. */
        void refused(WriteRequest request, long sizeBytes);
    }

    /** Whether a body of so many bytes is too long. */
    boolean isExceededBy(long bodyBytes) {
        return bodyBytes > maxBytes - AROUND_BODY_BYTES;
    }

    /** {@code body}, or what is proposed in its place. */
    TxnBody keep(WriteRequest request, TxnBody body) {
        long size = body.sizeBytes();
        if (!isExceededBy(size)) {
            return body;
        }
        if (body instanceof CloseSessionTxn) {
            return new CloseSessionTxn(null);
        }
        report.refused(request, AROUND_BODY_BYTES + size);
        return new ErrorTxn(ErrorCode.BAD_ARGUMENTS);
    }
}
