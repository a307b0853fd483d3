-- What a link was written as for want of its own address: when somebody moves in there, its text is looked at again.
ALTER TABLE open_links ADD COLUMN address text;
