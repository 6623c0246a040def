package io.matriarch.server;

import io.matriarch.storage.ForwardingFileSystem;
import io.matriarch.storage.RealFileSystem;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** Real files whose forces wait, take their time, or fail. */
final class HeldFiles extends ForwardingFileSystem {
    private final Semaphore arrived = new Semaphore(0);
    private final Semaphore allowed = new Semaphore(0);
    private volatile boolean isHolding;
    private volatile boolean isFailing;
    volatile int forces;

    HeldFiles() {
        super(new RealFileSystem());
    }

    /** From now on forces hang. */
    void hold() {
        forces = 0;
        isHolding = true;
    }

    void letGo() {
        isHolding = false;
        allowed.release(1000);
    }

    /** From now on they fail. */
    void failNext() {
        isFailing = true;
    }

    /** Waits until one hangs. */
    void awaitForce() {
        arrived.acquireUninterruptibly();
    }

    private void forcing() throws IOException {
        if (isHolding) {
            arrived.release();
            allowed.acquireUninterruptibly();
        }
        if (isFailing) {
            throw new IOException("disk gone");
        }
        synchronized (this) {
            forces++;
        }
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        return new ForwardingFile(super.openForWriting(path)) {
            @Override
            public void force() throws IOException {
                forcing();
                super.force();
            }
        };
    }
}
