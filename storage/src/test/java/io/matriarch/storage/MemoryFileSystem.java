package io.matriarch.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Files in memory that keep the contract of {@link FileSystem} and not more: it stops at a chosen operation, and {@link
 * #afterPowerLoss} is any state that the contract allows then.
 */
final class MemoryFileSystem implements FileSystem {
    /** Thrown instead of the operation at which the machine is to stop, and from then on. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** What of the unforced changes a power loss leaves. */
    enum Loss {
        /** Nothing: all that is not forced is lost. */
        ALL,
        /** Everything, as if only the process had died. */
        NONE,
        /** Any subset of sectors and names. */
        SOME
    }

    private static final class Content {
        byte[] live = new byte[0];
        byte[] durable = new byte[0];
    }

    /** One change of names, which happens entirely or not at all. */
    private record NameChange(Map<String, Content> bound, List<String> unbound) {
        void applyTo(Map<String, Content> names) {
            unbound.forEach(names::remove);
            names.putAll(bound);
        }
    }

    private final Map<String, Content> live = new TreeMap<>();
    private final Map<String, Content> durable = new TreeMap<>();
    private final List<NameChange> pending = new ArrayList<>();
    private long operations;
    private long bytesRead;
    private long stopAt = Long.MAX_VALUE;
    private long failAt = Long.MAX_VALUE;

    /** Stops instead of doing the {@code n}-th changing operation from now, counted from 1. */
    MemoryFileSystem stopAt(long n) {
        stopAt = operations + n;
        return this;
    }

    /** Goes on after a stop, as if only the process had died: what was not forced is there, but still not durable. */
    MemoryFileSystem afterProcessDeath() {
        stopAt = Long.MAX_VALUE;
        failAt = Long.MAX_VALUE;
        return this;
    }

    long operations() {
        return operations;
    }

    long bytesRead() {
        return bytesRead;
    }

    /** The next changing operation finds the disk full. */
    void failNext() {
        failAt(1);
    }

    /** The {@code n}-th changing operation from now, counted from 1, finds the disk full, and all after it. */
    void failAt(long n) {
        failAt = operations + n;
    }

    byte[] bytes(String path) {
        return content(path).live.clone();
    }

    /** Puts a file there, durable. */
    void put(String path, byte[] bytes) {
        Content content = new Content();
        content.live = bytes.clone();
        content.durable = bytes.clone();
        live.put(path, content);
        durable.put(path, content);
    }

    /** Takes a file away, durably. */
    void remove(String path) {
        live.remove(path);
        durable.remove(path);
    }

    /** An independent copy as after a clean stop. */
    MemoryFileSystem copy() {
        return afterPowerLoss(Loss.NONE, new Random(0));
    }

    /** What a machine finds that starts after this one stopped now. */
    MemoryFileSystem afterPowerLoss(Loss loss, Random random) {
        Map<String, Content> names = new TreeMap<>(durable);
        for (NameChange change : pending) {
            if (loss == Loss.NONE || (loss == Loss.SOME && random.nextBoolean())) {
                change.applyTo(names);
            }
        }
        MemoryFileSystem after = new MemoryFileSystem();
        names.forEach((path, content) -> after.put(path, survivor(content, loss, random)));
        return after;
    }

    private static byte[] survivor(Content content, Loss loss, Random random) {
        if (loss == Loss.ALL) {
            return content.durable;
        }
        if (loss == Loss.NONE) {
            return content.live;
        }
        int shorter = Math.min(content.live.length, content.durable.length);
        int longer = Math.max(content.live.length, content.durable.length);
        int length = random.nextInt(3) == 0 ? shorter + random.nextInt(longer - shorter + 1) : content.live.length;
        byte[] bytes = new byte[length];
        int lossPercent = random.nextInt(101);
        for (int start = 0; start < length; start += SECTOR_BYTES) {
            byte[] source = random.nextInt(100) < lossPercent ? content.durable : content.live;
            int end = Math.min(Math.min(length, source.length), start + SECTOR_BYTES);
            if (end > start) {
                System.arraycopy(source, start, bytes, start, end - start);
            }
        }
        return bytes;
    }

    private void count(String operation) throws IOException {
        if (operations + 1 >= stopAt) {
            throw new Stopped();
        }
        if (operations + 1 >= failAt) {
            throw new IOException("No space left on device: " + operation);
        }
        operations++;
    }

    private Content content(String path) {
        Content content = live.get(path);
        if (content == null) {
            throw new AssertionError("no file " + path + " in " + live.keySet());
        }
        return content;
    }

    private void change(Map<String, Content> bound, List<String> unbound) {
        NameChange change = new NameChange(bound, unbound);
        change.applyTo(live);
        pending.add(change);
    }

    @Override
    public void createDirectories(String directory) {}

    @Override
    public List<String> list(String directory) {
        return live.keySet().stream()
                .filter(path -> path.lastIndexOf('/') == directory.length() && path.startsWith(directory))
                .map(path -> path.substring(directory.length() + 1))
                .toList();
    }

    @Override
    public boolean exists(String path) {
        return live.containsKey(path);
    }

    @Override
    public ReadableFile openForReading(String path) throws IOException {
        Content content = live.get(path);
        if (content == null) {
            throw new NoSuchFileException(path);
        }
        return new Reading(content);
    }

    @Override
    public WritableFile openForWriting(String path) throws IOException {
        if (!live.containsKey(path)) {
            count("create " + path);
            change(Map.of(path, new Content()), List.of());
        }
        return new Writing(path, content(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        count("rename " + from + " to " + to);
        change(Map.of(to, content(from)), List.of(from));
    }

    @Override
    public void delete(String path) throws IOException {
        if (live.containsKey(path)) {
            count("delete " + path);
            change(Map.of(), List.of(path));
        }
    }

    @Override
    public void forceDirectory(String directory) throws IOException {
        count("forceDirectory " + directory);
        // All directories at once would hide a missing force: only the names in this one.
        pending.removeIf(change -> {
            boolean isHere = change.bound().keySet().stream().allMatch(path -> isIn(path, directory))
                    && change.unbound().stream().allMatch(path -> isIn(path, directory));
            if (isHere) {
                change.applyTo(durable);
            }
            return isHere;
        });
    }

    private static boolean isIn(String path, String directory) {
        return path.lastIndexOf('/') == directory.length() && path.startsWith(directory);
    }

    private final class Reading implements ReadableFile {
        private final Content content;

        Reading(Content content) {
            this.content = content;
        }

        @Override
        public long size() {
            return content.live.length;
        }

        @Override
        public int read(long position, ByteBuffer target) {
            int count = (int) Math.max(0, Math.min(target.remaining(), content.live.length - position));
            target.put(content.live, (int) Math.min(position, content.live.length), count);
            bytesRead += count;
            return count;
        }

        @Override
        public void close() {}
    }

    private final class Writing implements WritableFile {
        private final String path;
        private final Content content;

        Writing(String path, Content content) {
            this.path = path;
            this.content = content;
        }

        @Override
        public long size() {
            return content.live.length;
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            count("write " + path);
            int end = (int) position + source.remaining();
            content.live = end > content.live.length ? Arrays.copyOf(content.live, end) : content.live.clone();
            source.get(content.live, (int) position, source.remaining());
        }

        @Override
        public void truncate(long size) throws IOException {
            if (size < content.live.length) {
                count("truncate " + path);
                content.live = Arrays.copyOf(content.live, (int) size);
            }
        }

        @Override
        public void force() throws IOException {
            count("force " + path);
            content.durable = content.live.clone();
        }

        @Override
        public void close() {}
    }
}
