package io.matriarch.candidate;

import java.util.List;
import org.apache.zookeeper.KeeperException.Code;
import org.jspecify.annotations.Nullable;

/** What can happen to a {@link Campaign}. */
sealed interface CampaignEvent {
    /** Gives itself to the handler's method for its kind. */
    void happenTo(Handler handler);

    /** An answer. It carries the generation of its question, and is void once a later question was asked. */
    sealed interface Answer extends CampaignEvent {
        int generation();
    }

    /** A session is connected; {@code timeoutMillis} is the session timeout that the server granted. */
    record Connected(long sessionId, int timeoutMillis) implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record Disconnected() implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record SessionExpired() implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record ParentCreated(int generation, Code code) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record NodeCreated(int generation, Code code, @Nullable String path) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** Answer to {@link CampaignEffect.FindOwn}; {@code path} is null if there is no such znode. */
    record OwnFound(int generation, Code code, @Nullable String path) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record Listed(int generation, Code code, List<String> names) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The candidate's own znode was read; {@code ephemeralOwner} is the session that owns it. */
    record OwnNodeRead(int generation, Code code, long ephemeralOwner, long czxid) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record PredecessorRead(int generation, Code code) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The write that proves the own znode was committed, or not. */
    record Confirmed(int generation, Code code) implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The own znode was taken back; NONODE is as good. */
    record Withdrawn(int generation, Code code) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** Answer to {@link CampaignEffect.Yield}. */
    record Yielded(int generation, Code code) implements Answer {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** A watched znode was changed or deleted. */
    record NodeChanged(String path) implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** The deadline has come. */
    record TimePassed() implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** Stop leading, and do not stand again for a while. */
    record ResignRequested(long restNanos) implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** Let {@code successor}, a candidate's name or path, be the next leader. */
    record StepAsideRequested(String successor) implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    record CloseRequested() implements CampaignEvent {
        @Override
        public void happenTo(Handler handler) {
            handler.on(this);
        }
    }

    /** One method per kind of event. */
    interface Handler {
        void on(Connected event);

        void on(Disconnected event);

        void on(SessionExpired event);

        void on(ParentCreated event);

        void on(NodeCreated event);

        void on(OwnFound event);

        void on(Listed event);

        void on(OwnNodeRead event);

        void on(PredecessorRead event);

        void on(Confirmed event);

        void on(Withdrawn event);

        void on(Yielded event);

        void on(NodeChanged event);

        void on(TimePassed event);

        void on(ResignRequested event);

        void on(StepAsideRequested event);

        void on(CloseRequested event);
    }
}
