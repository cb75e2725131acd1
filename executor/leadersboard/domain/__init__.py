"""What is true of submissions, jobs and boards, whatever they are stored in or served by."""
