package io.matriarch.bench;

import io.matriarch.bench.load.Load;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is measured. {@code --only} takes the names in lower case with dashes. */
public enum Workload {
    /** setData of 1 KiB, many requests outstanding per client. */
    WRITE_PIPELINED(Unit.PER_SECOND, Load.Kind.WRITE, true),
    /** setData of 1 KiB, each client waits for the answer. */
    WRITE_ONE_AT_A_TIME(Unit.PER_SECOND, Load.Kind.WRITE, false),
    /** create with 1 KiB, many requests outstanding per client. */
    CREATE_PIPELINED(Unit.PER_SECOND, Load.Kind.CREATE, true),
    /** getData of 1 KiB, many requests outstanding per client. */
    READ_PIPELINED(Unit.PER_SECOND, Load.Kind.READ, true),
    /** getData of 1 KiB, each client waits for the answer. */
    READ_ONE_AT_A_TIME(Unit.PER_SECOND, Load.Kind.READ, false),
    /** Nine reads to one write, many requests outstanding per client. */
    MIX_PIPELINED(Unit.PER_SECOND, Load.Kind.MIX, true),
    /** Nine reads to one write, each client waits for the answer. */
    MIX_ONE_AT_A_TIME(Unit.PER_SECOND, Load.Kind.MIX, false),
    /** From SIGKILL of the leader until a client of a surviving server has a write acknowledged. */
    FAILOVER(Unit.MILLISECONDS, null, false),
    /** From SIGKILL of the leader until a client of the killed server has a write acknowledged elsewhere. */
    FAILOVER_MOVED(Unit.MILLISECONDS, null, false),
    /** From SIGSTOP of the leader, whose connections stay, until a client of another server has a write acknowledged. */
    SILENCE(Unit.MILLISECONDS, null, false),
    /** The slowest write of clients that write one at a time, on every server, while the lead is handed to a named server. */
    HAND_OVER(Unit.MILLISECONDS, null, false),
    /** From starting all processes on empty directories until a write is acknowledged. */
    COLD_START(Unit.MILLISECONDS, null, false);

    /** What a figure counts, and which way is better. */
    public enum Unit {
        /** Successful answers per second; more is better. */
        PER_SECOND("per second", true),
        /** Milliseconds; fewer is better. */
        MILLISECONDS("ms", false);

        private final String label;
        private final boolean isMoreBetter;

        Unit(String label, boolean isMoreBetter) {
            this.label = label;
            this.isMoreBetter = isMoreBetter;
        }

        /** The unit as printed. */
        public String label() {
            return label;
        }

        /** Whether a greater figure is the better one. */
        public boolean isMoreBetter() {
            return isMoreBetter;
        }
    }

    private final Unit unit;
    private final Load.@Nullable Kind kind;
    private final boolean isPipelined;

    Workload(Unit unit, Load.@Nullable Kind kind, boolean isPipelined) {
        this.unit = unit;
        this.kind = kind;
        this.isPipelined = isPipelined;
    }

    /** The name on the command line and in results: {@code write-pipelined}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What its figures count. */
    public Unit unit() {
        return unit;
    }

    /** The load to run; empty for faults. */
    Optional<Load> load(int pipelineWindow) {
        return Optional.ofNullable(kind).map(k -> new Load(k, isPipelined ? pipelineWindow : 1));
    }

    /** The workload with this label. */
    static Optional<Workload> labelled(String label) {
        return Arrays.stream(values()).filter(w -> w.label().equals(label)).findFirst();
    }
}
