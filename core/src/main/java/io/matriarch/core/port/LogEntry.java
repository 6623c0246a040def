package io.matriarch.core.port;

import io.matriarch.wire.Bytes;
import io.matriarch.wire.Zxid;

/**
 * One record of the transaction log.
 *
 * @param zxid its zxid, equal to the one in the payload's header
 * @param payload header, body and optional digest, exactly as proposed (zab.md 6.1)
 */
public record LogEntry(Zxid zxid, Bytes payload) {}
