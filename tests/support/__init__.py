"""What several tests share: databases, a core, people, a real server, clients."""
