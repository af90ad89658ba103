"""Measures what boltseal costs, beside what any program would have to spend and what others do.

``python -m bench`` runs it. Nothing is fetched, and no server but those on 127.0.0.1 is asked.
"""
