"""The open side: publishing a tender, its public page and downloads."""
