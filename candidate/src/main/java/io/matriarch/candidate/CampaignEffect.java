package io.matriarch.candidate;

import java.util.List;

/** What a {@link Campaign} asks of its host, to be begun in order. */
sealed interface CampaignEffect {
    /** Gives itself to the handler's method for its kind. */
    void performOn(Handler handler);

    /** A question; its answer carries the same generation. */
    sealed interface Question extends CampaignEffect {
        int generation();
    }

    /** Create {@code path} without data, as a container or as a persistent znode; answered by ParentCreated. */
    record CreateParent(int generation, String path, boolean isContainer) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Create an EPHEMERAL_SEQUENTIAL znode; answered by NodeCreated. */
    record CreateNode(int generation, String pathPrefix) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * List the candidates, without a watch; answered by Listed.
     *
     * @param isAfterSync first have the server catch up with the leader
     */
    record ListCandidates(int generation, boolean isAfterSync) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Ask, after a sync, which znode of this session has a path that starts with {@code pathPrefix}; answered by OwnFound. */
    record FindOwn(int generation, String pathPrefix) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** End the session and begin another; answered by SessionExpired. */
    record RenewSession() implements CampaignEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Read the own znode and watch it; answered by OwnNodeRead, later perhaps by NodeChanged. */
    record ReadOwnNode(int generation, String path) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** Read another candidate's znode and watch it if it is there; answered by PredecessorRead, later NodeChanged. */
    record ReadPredecessor(int generation, String path) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * A write that changes nothing and needs a quorum: a transaction that only checks that {@code path} exists. Answered by
     * Confirmed.
     */
    record Confirm(int generation, String path) implements CampaignEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Once the listener has returned from everything told so far: delete the own znode; answered by Withdrawn.
     *
     * @param isLast nothing follows; a host that has the session for this campaign alone may end it instead
     */
    record Withdraw(int generation, String path, boolean isLast) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Once the listener has returned from everything told so far, in one transaction: check that {@code successor} exists,
     * and delete {@code paths}; answered by Yielded.
     */
    record Yield(int generation, List<String> paths, String successor) implements Question {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    record Tell(CandidacyEvent event) implements CampaignEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** The campaign ended, and its znode is gone or goes with its session. */
    record Finish() implements CampaignEffect {
        @Override
        public void performOn(Handler handler) {
            handler.on(this);
        }
    }

    /** One method per kind of effect. */
    interface Handler {
        void on(CreateParent effect);

        void on(CreateNode effect);

        void on(ListCandidates effect);

        void on(FindOwn effect);

        void on(RenewSession effect);

        void on(ReadOwnNode effect);

        void on(ReadPredecessor effect);

        void on(Confirm effect);

        void on(Withdraw effect);

        void on(Yield effect);

        void on(Tell effect);

        void on(Finish effect);
    }
}
