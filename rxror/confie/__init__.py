"""The pages of a personal link, for who has no account: plain HTML, without script nor websocket."""
