package io.matriarch.candidate;

/**
 * Two locks on one line: those who read may hold theirs together, one who writes holds it alone. First come, first
 * served: whoever asks for reading waits for those who asked for writing before, and for nobody else.
 */
public final class ReadWriteLock {
    private final DistributedLock reading;
    private final DistributedLock writing;

    ReadWriteLock(ElectionSession session, String path) {
        reading = new DistributedLock(session, path, Layout.READ);
        writing = new DistributedLock(session, path, Layout.WRITE);
    }

    public DistributedLock reading() {
        return reading;
    }

    public DistributedLock writing() {
        return writing;
    }
}
