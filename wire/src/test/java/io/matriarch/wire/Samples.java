package io.matriarch.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Random values of the types that many records share, from one seed, with the edges often. */
public final class Samples {
    private static final long[] LONGS = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 0x100000001L, 0xFF00000000000001L};
    private static final int[] INTS = {0, 1, -1, 31, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final String[] TEXTS = {"", "a", "käse", "日本", "a/b", "😀", "server.1=h:1:2:participant\nversion=0"};

    private final Random random;

    /** Values that depend on {@code seed} alone. */
    public Samples(long seed) {
        random = new Random(seed);
    }

    public Random random() {
        return random;
    }

    public int anInt() {
        return random.nextInt(3) == 0 ? random.nextInt() : INTS[random.nextInt(INTS.length)];
    }

    public long aLong() {
        return random.nextInt(3) == 0 ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
    }

    public boolean aBoolean() {
        return random.nextBoolean();
    }

    public String text() {
        return random.nextInt(3) == 0 ? "text" + random.nextInt(1000) : TEXTS[random.nextInt(TEXTS.length)];
    }

    public @Nullable String nullableText() {
        return random.nextInt(4) == 0 ? null : text();
    }

    public String path() {
        StringBuilder path = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            path.append('/').append(random.nextInt(5) == 0 ? "knoten-ä" : "node" + random.nextInt(100));
        }
        return path.toString();
    }

    public Bytes bytes() {
        byte[] bytes = new byte[random.nextInt(4) == 0 ? 0 : random.nextInt(40)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    public @Nullable Bytes nullableBytes() {
        return random.nextInt(4) == 0 ? null : bytes();
    }

    public Id id() {
        return new Id(nullableText(), nullableText());
    }

    public List<Acl> acl() {
        return random.nextBoolean() ? Acl.OPEN : list(() -> new Acl(anInt(), id()));
    }

    public @Nullable List<Acl> nullableAcl() {
        return random.nextInt(4) == 0 ? null : acl();
    }

    public Zxid zxid() {
        return new Zxid(aLong());
    }

    public Stat stat() {
        return new Stat(
                aLong(), aLong(), aLong(), aLong(), anInt(), anInt(), anInt(), aLong(), anInt(), anInt(), aLong());
    }

    /** Up to four of them. */
    public <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }

    public List<String> paths() {
        return list(this::path);
    }
}
