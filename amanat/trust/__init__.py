"""Trust: did it help?"""
