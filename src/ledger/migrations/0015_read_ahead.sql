-- Of a later pass than the one that is written: read while the last writes of this one go out, and due with its own pass.
ALTER TABLE changes ADD COLUMN ahead boolean NOT NULL DEFAULT false;
